/** SQL: the ids of all credentials that the access document in force names. */
export const listedIds = `
  SELECT json_extract(entry.value, '$.id') FROM
  (SELECT body FROM documents WHERE kind = 'access' ORDER BY version DESC LIMIT 1) AS list,
  json_each(list.body, '$.credentials') AS entry`;
