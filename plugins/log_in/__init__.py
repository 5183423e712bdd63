"""Log-in of the web UI and API: how passwords are kept, how often one may try, and what is closed without."""
