"""The same endpoints in Flask, SQLAlchemy and waitress: what the platform's seeds used."""
import logging
import os
import time

from flask import Flask, jsonify, request
from flask_sqlalchemy import SQLAlchemy
from waitress import serve

app = Flask(__name__)
app.config["SQLALCHEMY_DATABASE_URI"] = os.environ["DATABASE_URL"].replace("postgresql:", "postgresql+psycopg2:")
app.config["SQLALCHEMY_ENGINE_OPTIONS"] = {"pool_size": 10}
db = SQLAlchemy(app)


class User(db.Model):
    __tablename__ = "users"
    id = db.Column(db.Integer, primary_key=True)
    username = db.Column(db.String(80), unique=True, nullable=False)
    email = db.Column(db.String(120), unique=True, nullable=False)


@app.get("/")
def index():
    return jsonify(hostname=os.environ["INSTANCE_NAME"])


@app.get("/users")
def list_users():
    users = User.query.order_by(User.id.desc()).limit(100).all()
    return jsonify([{"email": user.email, "id": user.id, "username": user.username} for user in users])


@app.post("/users")
def add_user():
    body = request.get_json()
    db.session.add(User(username=body["username"], email=body["email"]))
    db.session.commit()
    return jsonify(message=f"user [{body['username']}] added successfully"), 201


@app.get("/load")
def load():
    number = int(request.args["number"])
    start = time.perf_counter()
    is_prime = number > 1
    divisor = 2
    while is_prime and divisor * divisor <= number:
        is_prime = number % divisor != 0
        divisor += 1
    return jsonify(isPrime=is_prime, number=number, processingTime=time.perf_counter() - start)


# A full queue is what is measured, not news.
logging.getLogger("waitress").setLevel(logging.ERROR)
serve(app, host="127.0.0.1", port=int(os.environ["PORT"]))
