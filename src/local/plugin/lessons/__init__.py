"""What MiniStack is taught, one concern per file. Each has a `teach()` that is called once before the server starts."""
