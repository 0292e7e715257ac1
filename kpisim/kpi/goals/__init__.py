"""Goals: broken down exactly, dated, checked for SMART, aligned, and versioned."""
