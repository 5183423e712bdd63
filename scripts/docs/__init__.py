"""Pages under docs/ that are written from the catalogue."""
