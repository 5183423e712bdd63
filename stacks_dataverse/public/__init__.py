"""What the public bucket says of itself, as values: schemas, catalogue, description for tools, and changes."""
