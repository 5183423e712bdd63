"""Our own stores: object store, warehouse, CDN."""
