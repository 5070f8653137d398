"""A customer journey as a drawing: its layout on a page and on a sheet."""
