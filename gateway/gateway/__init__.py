"""The one door: verifies tokens, forwards, serves the SPA, answers what needs several contexts."""
