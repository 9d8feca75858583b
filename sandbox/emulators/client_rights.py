"""What an app client may write of a person: MiniStack keeps the list, and lets everybody write all the same.

Cognito's words are those of aws/aws-sdk-js issue 1319; that its own attributes are nobody's to write, those of issue 3603 there.
"""

import functools

OF_COGNITO = {"sub", "email_verified", "phone_number_verified"}
# What a client may write that has no list.
STANDARD = frozenset(
    "address birthdate email family_name gender given_name locale middle_name name nickname phone_number picture"
    " preferred_username profile updated_at website zoneinfo".split()
)


def on_ministack():
    from ministack.services import cognito

    sign_up, update = cognito._sign_up, cognito._update_user_attributes

    def refusal(client_id, data):
        pools = cognito._user_pools.values()
        client = next((pool["_clients"][client_id] for pool in pools if client_id in pool["_clients"]), None)
        if client is None:
            return None  # which MiniStack says itself
        may = set(client.get("WriteAttributes") or STANDARD) - OF_COGNITO
        if all(one.get("Name") in may for one in data.get("UserAttributes") or []):
            return None
        words = "A client attempted to write unauthorized attribute"
        return cognito.error_response_json("NotAuthorizedException", words, 400)

    @functools.wraps(sign_up)
    def sign_up_as_client(data):
        return refusal(data.get("ClientId"), data) or sign_up(data)

    @functools.wraps(update)
    def update_as_client(data):
        claims = cognito._token_claims(data.get("AccessToken", ""))
        return refusal(claims.get("client_id"), data) or update(data)

    cognito._sign_up, cognito._update_user_attributes = sign_up_as_client, update_as_client
