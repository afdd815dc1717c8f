#!/bin/sh
# What images of game servers do: run the start-up command of the environment, with {{NAME}} standing for $NAME.
[ $# -eq 0 ] || exec "$@"
command=$(printf '%s' "${STARTUP:-game}" | sed -e 's/{{/${/g' -e 's/}}/}/g')
case $command in
  *[\;\&\|]*) eval "$command" ;;
  *) eval "exec $command" ;; # signals then reach the game itself
esac
