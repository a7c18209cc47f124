"""Schemas (数据种类): what each source may look like, read from one YAML file a kind."""
