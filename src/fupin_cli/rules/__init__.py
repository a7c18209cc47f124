"""The rule catalogue (规则目录): one module a family, one function a rule."""
