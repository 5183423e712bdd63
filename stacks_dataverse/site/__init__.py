"""The public site: static pages of the public bucket, and what the Dataverse page of the web UI shares with them."""
