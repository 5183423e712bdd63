"""Land a snapshot of the chain's tip, and publish what it and the warehouse know together."""
