"""CX Maturity: a survey of customer-experience maturity, its scoring and its reports."""
