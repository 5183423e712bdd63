"""What the public bucket says of itself: its schemas, catalogue, and changes, as values; nothing here reads or writes."""
