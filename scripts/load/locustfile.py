"""Locust's page beside `npm run load`: pip install locust; locust -f scripts/load/locustfile.py --host https://www.example.com"""

from locust import FastHttpUser, constant, task


class Visitor(FastHttpUser):
    # Each asks again as soon as it is answered.
    wait_time = constant(0)

    @task
    def load(self):
        # The largest prime that /load takes: nothing takes longer to find out.
        self.client.get("/load?number=9007199254740881", name="/load")
