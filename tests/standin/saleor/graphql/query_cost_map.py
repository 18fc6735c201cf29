COST_MAP = {"Query": {"orders": {"complexity": 1, "multipliers": ["first", "last"]}}}
