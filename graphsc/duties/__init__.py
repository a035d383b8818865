"""Responsibility: duties and when they are due, roles and tasks, gaps in these, and handover when a person leaves."""
