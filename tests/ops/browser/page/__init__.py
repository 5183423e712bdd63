"""The Dataverse page as a person uses it."""
