"""A second opinion on public objects: their rows and the predecessor's files, by what the dictionary says of them."""
