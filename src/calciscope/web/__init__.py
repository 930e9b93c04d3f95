"""The web application: settings, urls, and one folder a screen."""
