"""An audit inside Spark. Only what is here imports pyspark."""
