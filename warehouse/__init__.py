"""All that knows DuckDB, Polars readers and files on disk."""
