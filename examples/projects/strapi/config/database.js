module.exports = ({ env }) => ({
  connection: {
    client: env("DATABASE_CLIENT"),
    // The URL also names the certificate authority that verifies the database.
    connection: { connectionString: env("DATABASE_URL") },
  },
});
