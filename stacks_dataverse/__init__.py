"""The Stacks Dataverse backend: open analytics for the Stacks blockchain."""
