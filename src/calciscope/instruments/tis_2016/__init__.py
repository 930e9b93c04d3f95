"""2016 ACR/EULAR myositis response criteria: the Total Improvement Score."""
