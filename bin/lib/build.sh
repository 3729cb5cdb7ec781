# shellcheck shell=bash
# The production build, into a folder of our choice below the project. Sourced after common.sh.

sources_hash() { # of everything the build is made of
  (
    cd "$ROOT" || exit 1
    {
      find ./*.ts ./*.js ./*.json -type f -print0
      find .adonisjs app bin commands config database jobs providers resources start public \
        -path public/assets -prune -o -type f -print0 2>/dev/null || true
    } | sort -z | xargs -0 sha256sum | sha256sum
  )
}

# build_portal FOLDER: leaves it alone when its sources have not changed. The build is made beside it and
# moved in place, so a broken build never replaces a good one. Data that outlives a build stays in tmp/.
build_portal() {
  local target=$1 hash fresh=$ROOT/tmp/build.$$
  hash=$(sources_hash)
  [[ -s $target/.sources && $(<"$target/.sources") == "$hash" ]] && return 0
  say "Building for production"
  mkdir -p "$ROOT/tmp"
  (
    cd "$ROOT" || exit 1
    flock 6 # vite writes public/assets: one build at a time
    printf '{ "extends": "../tsconfig.json", "compilerOptions": { "outDir": "./%s" }, "exclude": [%s] }\n' \
      "$(basename "$fresh")" '"../node_modules", "../build", "../tmp", "../tests", "../bench", "../bin/test.ts"' \
      >"$fresh.json"
    node ace build --tsconfig="tmp/$(basename "$fresh").json" >"$ROOT/tmp/build.log" 2>&1 </dev/null || exit 1
    ln -s "$ROOT/tmp" "$fresh/tmp"
    echo "$hash" >"$fresh/.sources"
    rm -rf "$target"
    mkdir -p "$(dirname "$target")"
    mv "$fresh" "$target"
  ) 6>"$ROOT/tmp/build.lock"
  local status=$?
  rm -rf "$fresh" "$fresh.json"
  ((status == 0)) || tail -n 30 "$ROOT/tmp/build.log" >&2
  return $status
}
