"""Schemas (数据种类): what each source may look like, read from one YAML file a kind."""

import warnings

# Where Spark is installed pandera imports it, and its complaint about our pandas would stand on the user's screen.
warnings.filterwarnings("ignore", category=FutureWarning, module="pyspark")
