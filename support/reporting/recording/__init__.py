"""While the suite runs: Allure results, and the records of the run and of each scenario."""
