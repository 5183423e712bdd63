"""Land a snapshot of the chain's tip, and publish objects from it and the warehouse."""
