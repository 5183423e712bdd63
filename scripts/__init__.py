"""What people and machines run by hand."""
