"""The Dataverse page of the web UI: is the data right, is it fresh, what does it say."""
