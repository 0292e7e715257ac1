"""What `kpisim bench` holds the model against; not part of the installed package."""
