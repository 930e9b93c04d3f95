"""EULAR/ACR 2017 classification criteria for idiopathic inflammatory myopathies."""
