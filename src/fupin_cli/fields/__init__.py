"""Fields (单个值): one cell to one clean value. Every parser has a scalar and a column form with the same results."""
