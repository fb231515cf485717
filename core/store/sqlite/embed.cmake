# Turns queries.sql and schema/*.sql into sql.h (enums) and sql.c (arrays).
# queries.sql is cut at lines "-- name: x" (one prepared statement), "-- script: x" (several
# statements run at once) and "-- part: x" (text that {x} in later sections stands for).

cmake_minimum_required(VERSION 3.25)

function(c_text out text)
  string(REGEX REPLACE "(^|\n)--[^\n]*" "" text "${text}")
  string(STRIP "${text}" text)
  string(REPLACE "\\" "\\\\" text "${text}")
  string(REPLACE "\"" "\\\"" text "${text}")
  string(REGEX REPLACE "\n *" "\\\\n\"\n    \"" text "${text}")
  set(${out} "    \"${text}\"" PARENT_SCOPE)
endfunction()

file(READ ${IN}/queries.sql rest)
set(mark_regex "\n-- (name|script|part): ([a-z0-9_]+)\n")
set(parts "")
string(REGEX MATCH "${mark_regex}" mark "${rest}")
while(mark)
  set(kind "${CMAKE_MATCH_1}")
  set(name "${CMAKE_MATCH_2}")
  string(FIND "${rest}" "${mark}" at)
  string(LENGTH "${mark}" mark_len)
  math(EXPR at "${at} + ${mark_len} - 1") # keeps the line break: the next mark may start there
  string(SUBSTRING "${rest}" ${at} -1 rest)
  string(REGEX MATCH "${mark_regex}" mark "${rest}")
  set(end -1)
  if(mark)
    string(FIND "${rest}" "${mark}" end)
  endif()
  string(SUBSTRING "${rest}" 0 ${end} body)
  foreach(part IN LISTS parts)
    string(REPLACE "{${part}}" "${part_${part}}" body "${body}")
  endforeach()
  if(kind STREQUAL "part")
    string(STRIP "${body}" part_${name})
    list(APPEND parts ${name})
  else()
    c_text(text "${body}")
    string(TOUPPER "${kind}_${name}" constant)
    string(REGEX REPLACE "^NAME_" "SQL_" constant "${constant}")
    string(APPEND ${kind}_enum "    ${constant},\n")
    string(APPEND ${kind}_texts "    [${constant}] = {\"${name}\",\n${text}},\n")
    string(REGEX MATCH "${mark_regex}" mark "${rest}") # sets CMAKE_MATCH_n again
  endif()
endwhile()

file(GLOB steps ${IN}/schema/*.sql)
list(SORT steps)
set(step_texts "")
set(step_count 0)
foreach(step IN LISTS steps)
  get_filename_component(name ${step} NAME_WE)
  file(READ ${step} body)
  c_text(text "${body}")
  string(APPEND step_texts "    {\"${name}\",\n${text}},\n")
  math(EXPR step_count "${step_count} + 1")
endforeach()

file(MAKE_DIRECTORY ${OUT})
file(WRITE ${OUT}/sql.h "/* Made from queries.sql and schema/ by embed.cmake. */
#ifndef FQ_STORE_SQL_H
#define FQ_STORE_SQL_H

struct sql_text {
    const char *name;
    const char *text;
};
enum sql_statement {
${name_enum}    SQL_COUNT,
};
enum sql_script {
${script_enum}    SCRIPT_COUNT,
};
enum { SCHEMA_VERSION = ${step_count} };
extern const struct sql_text sql_statements[SQL_COUNT];
extern const struct sql_text sql_scripts[SCRIPT_COUNT];
extern const struct sql_text sql_schema[SCHEMA_VERSION]; /* step i leads to version i + 1 */
#endif
")
file(WRITE ${OUT}/sql.c "/* Made from queries.sql and schema/ by embed.cmake. */
#include \"store/sqlite/sql.h\"

const struct sql_text sql_statements[SQL_COUNT] = {
${name_texts}};
const struct sql_text sql_scripts[SCRIPT_COUNT] = {
${script_texts}};
const struct sql_text sql_schema[SCHEMA_VERSION] = {
${step_texts}};
")
