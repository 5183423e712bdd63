"""One routine each: extract or read, transform, store."""
