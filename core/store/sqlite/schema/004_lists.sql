-- What lists show besides: the names of the parties (never of a sealed case), and whether the case
-- is under listed supervision.
ALTER TABLE casefile ADD COLUMN parties TEXT;
ALTER TABLE casefile ADD COLUMN listed INTEGER NOT NULL DEFAULT 0;

-- Cases of before: the first name of each of the two first roles, and how many they are. One that is
-- damaged keeps nobody from the others.
WITH c AS (
    SELECT id, CASE WHEN json_valid(snapshot) THEN snapshot ELSE '{}' END AS snapshot FROM casefile
), p AS (
    SELECT c.id, json_extract(j.value, '$.role') AS role, json_extract(j.value, '$.name') AS name,
        j.key AS nth
    FROM c, json_each(c.snapshot, '$.parties') j
    WHERE coalesce(json_extract(c.snapshot, '$.sealed'), 0) = 0
        AND NOT EXISTS (SELECT 1 FROM json_each(c.snapshot, '$.links') l
            WHERE json_extract(l.value, '$.kind') = 'from'
                AND json_extract(l.value, '$.sealed') = 1)
), side AS (
    SELECT id, min(nth) AS nth, count(*) AS people,
        row_number() OVER (PARTITION BY id ORDER BY min(nth)) AS place
    FROM p GROUP BY id, role
), words AS (
    SELECT s.id, group_concat(p.name || CASE WHEN s.people > 1 THEN '等' || s.people || '人' ELSE '' END,
        '／') AS parties
    FROM (SELECT * FROM side WHERE place <= 2 ORDER BY id, place) s
        JOIN p ON p.id = s.id AND p.nth = s.nth GROUP BY s.id
)
UPDATE casefile SET parties = (SELECT parties FROM words WHERE words.id = casefile.id);
UPDATE casefile SET listed = EXISTS (
    SELECT 1 FROM json_each(CASE WHEN json_valid(casefile.snapshot) THEN casefile.snapshot ELSE '{}' END,
        '$.marks') WHERE value = 'listed');

PRAGMA user_version = 4;
