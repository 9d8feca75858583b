<?php

/** Encrypted, and checked by the authority that the platform names. */
function connect(): PDO
{
    $place = sprintf(
        'mysql:host=%s;port=%s;dbname=%s;charset=utf8mb4',
        getenv('DATABASE_HOST'),
        getenv('DATABASE_PORT'),
        getenv('DATABASE_NAME'),
    );
    $database = new PDO($place, getenv('DATABASE_USER'), getenv('DATABASE_PASSWORD'), [
        PDO::MYSQL_ATTR_SSL_CA => getenv('DATABASE_CA'),
    ]);
    $database->exec('CREATE TABLE IF NOT EXISTS notes (id INT AUTO_INCREMENT PRIMARY KEY, text TEXT NOT NULL)');
    return $database;
}

$path = parse_url($_SERVER['REQUEST_URI'], PHP_URL_PATH);
if ($path === '/') {
    $count = connect()->query('SELECT count(*) FROM notes')->fetchColumn();
    echo "<h1>It works</h1><p>Notes: $count</p>";
} elseif ($path === '/notes' && $_SERVER['REQUEST_METHOD'] === 'POST') {
    connect()->prepare('INSERT INTO notes (text) VALUES (?)')->execute([file_get_contents('php://input')]);
    http_response_code(201);
} elseif ($path === '/notes') {
    header('content-type: application/json');
    echo json_encode(connect()->query('SELECT text FROM notes ORDER BY id')->fetchAll(PDO::FETCH_COLUMN));
} else {
    http_response_code(404);
    echo '<h1>Not found</h1>';
}
