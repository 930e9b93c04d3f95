"""Settings of the web application: `demo`, `production` and `tests` each build on `foundation`."""
