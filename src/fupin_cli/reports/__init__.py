"""Reports (输出): workbooks, CSV and terminal summary of a run. Nothing here computes a finding."""
