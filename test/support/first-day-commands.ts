/** What a developer types on the first day: a shell script, which has to succeed, and what it has to print. */
export type FirstDayCommand = [title: string, script: string, expected: string | RegExp]

/** Makes the image `tiny:1` of the nested engine, of the workspace's own shell, since no registry is in reach. */
export const MAKE_TINY_IMAGE = 'tar -ch -C / bin/sh $(ldd /bin/sh | grep -o "/[^ ]*") 2>/dev/null | docker import - tiny:1'

const COMPOSE_FILE = `services:
  web:
    image: tiny:1
    command: ["/bin/sh", "-c", "echo served; exec sleep 60 2>/dev/null || read forever"]
    stdin_open: true
`

const containers: FirstDayCommand[] = [
  ['docker version', 'docker version --format "{{.Client.Version}} {{.Server.Version}}"', /^\d+\.\d+\S* \d+\.\d+\S*$/],
  ['docker info', 'docker info --format "{{.Driver}}"', 'overlay2'],
  ['docker run', 'docker run --rm tiny:1 /bin/sh -c "echo inside"', 'inside'],
  [
    'docker run with a port',
    'docker run --rm -d -i --name ported -p 8099:80 tiny:1 /bin/sh >/dev/null; docker port ported; docker rm -f ported',
    /8099/,
  ],
  [
    'docker build',
    `printf 'FROM tiny:1\\nCOPY note /note\\n' > Dockerfile; echo x > note; docker build -q -t built:1 .`,
    /^sha256:[0-9a-f]{64}$/,
  ],
  [
    'docker buildx build',
    `printf 'FROM tiny:1 AS one\\nCOPY note /a\\nFROM tiny:1\\nCOPY --from=one /a /b\\n' > Dockerfile; echo x > note
     docker buildx build --load -t staged:1 . 2>/dev/null && docker run --rm staged:1 /bin/sh -c 'read line < /b; echo $line'`,
    'x',
  ],
  ['docker buildx ls', 'docker buildx ls', /default/],
  ['docker compose version', 'docker compose version --short', /^v?2\./],
  [
    'docker compose up',
    `cat > compose.yaml <<'END'\n${COMPOSE_FILE}END\ndocker compose up -d 2>/dev/null && docker compose logs --no-log-prefix web && docker compose down 2>/dev/null`,
    /served$/,
  ],
  ['docker compose config', `cat > compose.yaml <<'END'\n${COMPOSE_FILE}END\ndocker compose config --services`, 'web'],
]

const MAKE_REPOSITORY = `git init -q -b main origin && cd origin && echo one > file && git add . &&
  git -c user.name=A -c user.email=a@example.com commit -qm First && cd ..`

const git: FirstDayCommand[] = [
  ['git clone', `${MAKE_REPOSITORY} && git clone -q origin copy && git -C copy log --format=%s`, 'First'],
  ['git diff', `${MAKE_REPOSITORY} && cd origin && echo two > file && git diff --stat`, /1 file changed/],
  [
    'git lfs pull',
    `git init -q -b main origin && cd origin && git lfs track '*.bin' >/dev/null && head -c 100000 /dev/zero > large.bin && git add . &&
     git -c user.name=A -c user.email=a@example.com commit -qm Large && cd .. &&
     GIT_LFS_SKIP_SMUDGE=1 git clone -q "file://$PWD/origin" copy && cd copy && head -c 7 large.bin && git lfs pull && stat -c ' %s' large.bin`,
    'version 100000',
  ],
  ['git help', 'git help commit | col -b | grep -m 1 -o "git-commit - Record changes"', 'git-commit - Record changes'],
  ['gh', 'gh --version', /^gh version \d/],
  ['gh help', 'gh pr --help', /Work with GitHub pull requests/],
]

const LOCAL_PACKAGE = `mkdir -p dependency && echo '{"name":"dependency","version":"1.0.0","bin":{"greet":"greet.js"}}' > dependency/package.json &&
  printf '#!/usr/bin/env node\\nconsole.log("hello from npm")\\n' > dependency/greet.js && chmod +x dependency/greet.js &&
  echo '{"name":"project","version":"1.0.0","scripts":{"greet":"greet"},"dependencies":{"dependency":"file:dependency"}}' > package.json`

const languages: FirstDayCommand[] = [
  ['node', 'node -p "[1, 2].at(-1)"', '2'],
  ['npm --version', 'npm --version', /^\d+\./],
  [
    'npm ci',
    `${LOCAL_PACKAGE} && npm install --offline --package-lock-only --no-audit >/dev/null && npm ci --offline --no-audit --no-fund >/dev/null && npm run -s greet`,
    'hello from npm',
  ],
  ['npx', `${LOCAL_PACKAGE} && npm install --offline --no-audit --no-fund >/dev/null && npx greet`, 'hello from npm'],
  ['python3', 'python3 -c "import ssl, sqlite3, ctypes; print(6 * 7)"', '42'],
  ['python', 'python -c "print(6 * 7)"', '42'],
  ['python3 -m venv', 'python3 -m venv .venv && . .venv/bin/activate && python -c "import sys; print(sys.prefix)"', /\/\.venv$/],
  ['pip in a venv', 'python3 -m venv .venv && .venv/bin/pip list --disable-pip-version-check', /pip +\d/],
  ['pip', 'pip --version', /^pip \d/],
  ['gcc', `echo 'int puts(const char *); int main(void) { puts("built"); }' > main.c && gcc -Wall main.c -o main && ./main`, 'built'],
  ['g++', `printf '#include <iostream>\\nint main() { std::cout << "built"; }' > main.cpp && g++ main.cpp -o main && ./main`, 'built'],
  ['make', `printf 'all:\\n\\t@echo made\\n' > Makefile && make`, 'made'],
  [
    'cmake',
    `printf 'cmake_minimum_required(VERSION 3.10)\\nproject(first C)\\nadd_executable(first main.c)\\n' > CMakeLists.txt &&
     echo 'int puts(const char *); int main(void) { puts("built"); }' > main.c && cmake -G Ninja -B build >/dev/null && cmake --build build >/dev/null && build/first`,
    'built',
  ],
  ['pkg-config', 'pkg-config --version', /^\d/],
  ['gdb', `echo 'int main(void) { return 7; }' > main.c && gcc -g main.c -o main && gdb -q -batch -ex run main`, /exited with code 07/],
  ['perl', `perl -e 'print "perl"'`, 'perl'],
]

const editors: FirstDayCommand[] = [
  ['nvim', `nvim --headless -c 'call writefile(["written"], "file")' -c q && cat file`, 'written'],
  ['vi', `vi -es -c 's/^/written/' -c 'wq! file' < /dev/null; cat file`, 'written'],
  ['nano', 'nano --version', /nano, version/],
  ['tmux', 'tmux new-session -d -s first "sleep 60" && tmux list-sessions && tmux kill-session -t first', /^first: 1 windows/],
  ['rg', 'mkdir src && echo needle > src/file && rg --no-heading needle', 'src/file:needle'],
  ['fd', 'mkdir src && touch src/needle && fd needle', 'src/needle'],
  ['fzf', `printf 'apple\\nbanana\\n' | fzf --filter ban`, 'banana'],
  ['jq', `echo '{"a": [1, 2]}' | jq -c '.a | map(. * 2)'`, '[2,4]'],
  ['sqlite3', `sqlite3 first.db 'create table t (n); insert into t values (1), (2); select sum(n) from t'`, '3'],
  ['tree', 'mkdir -p a/b && tree --noreport a', /└── b/],
  ['diff and patch', `echo one > a; echo two > b; diff -u a b > change; patch -s a < change && cat a`, 'two'],
  ['zip and unzip', 'echo zipped > file && zip -q a.zip file && rm file && unzip -q a.zip && cat file', 'zipped'],
  [
    'tar with xz and zstd',
    'echo tarred > file && tar -caf a.tar.xz file && tar -caf a.tar.zst file && tar -xOf a.tar.xz && tar -tf a.tar.zst',
    'tarred\nfile',
  ],
  ['rsync', 'mkdir a && echo synced > a/file && rsync -a a/ b/ && cat b/file', 'synced'],
  ['bc', 'echo "2 ^ 70" | bc', '1180591620717411303424'],
]

const system: FirstDayCommand[] = [
  ['man ls', 'man ls | col -b | grep -m 1 -o "ls - list directory contents"', 'ls - list directory contents'],
  ['man of a system call', 'man 2 open | col -b | grep -m 1 -o "O_CREAT"', 'O_CREAT'],
  ['man bash', 'man bash | col -b | grep -c .', /^\d{4}$/],
  ['apropos', 'apropos -e rsync', /^rsync \(1\)/m],
  ['sudo', 'sudo id -un', 'root'],
  ['crontab -l', `echo '5 4 * * * true' | crontab - && crontab -l`, '5 4 * * * true'],
  ['locale', 'locale', /LC_TIME="?C\.UTF-8"?/],
  ['locale -a', 'locale -a', /de_DE\.utf8[\s\S]*en_US\.utf8[\s\S]*ja_JP\.utf8/],
  ['numbers of another language', `LC_ALL=de_DE.UTF-8 printf "%'d\\n" 1234567`, '1.234.567'],
  ['date in a time zone', 'TZ=Asia/Tokyo date -d @0 "+%F %R %Z"', '1970-01-01 09:00 JST'],
  ['file', 'file -b /bin/ls', /ELF 64-bit/],
  ['strace', 'strace -c -o counts true && grep -c execve counts', '1'],
  ['lsof', 'sleep 60 > opened & sleep 0.2; lsof -t opened | grep -c .; kill %1', '1'],
  ['ps', 'ps -C sshd -o comm=', /sshd/],
  ['pstree and free', 'pstree -A 1 | head -n 1; free -m | grep -o ^Mem', /[\s\S]*Mem$/],
  [
    'gpg',
    `export GNUPGHOME=$PWD/keys; mkdir -m 700 keys; gpg -q --batch --passphrase '' --quick-gen-key me@example.com 2>/dev/null
     echo text | gpg -q --clearsign | gpg -q --verify 2>&1 | grep -o 'Good signature'`,
    'Good signature',
  ],
  [
    'ssh-add -l',
    `ssh-keygen -q -t ed25519 -N '' -f key && eval "$(ssh-agent)" >/dev/null && ssh-add -q key && ssh-add -l; kill $SSH_AGENT_PID`,
    /^256 SHA256:\S+ .*\(ED25519\)$/,
  ],
  ['openssl', 'openssl version', /^OpenSSL \d/],
]

const network: FirstDayCommand[] = [
  ['ip and ss', `ip -br address show lo | grep -o UNKNOWN; ss -Hltn 'sport = :22' | grep -c LISTEN`, /^UNKNOWN\n[12]$/],
  ['ping', 'ping -c 1 -q 127.0.0.1', / 0% packet loss/],
  ['dig and host', 'dig -v 2>&1; host -V 2>&1', /DiG \d[\s\S]*host \d/],
  ['nc', 'nc -z 127.0.0.1 22 && echo open', 'open'],
  [
    'curl and wget',
    `echo served > page; python3 -m http.server 8098 --bind 127.0.0.1 >/dev/null 2>&1 & trap "kill $!" EXIT
     curl -s --retry 20 --retry-connrefused --retry-delay 1 http://127.0.0.1:8098/page && wget -qO- http://127.0.0.1:8098/page`,
    'served\nserved',
  ],
  ['socat', 'echo through | socat - EXEC:cat', 'through'],
]

export const FIRST_DAY: FirstDayCommand[] = [...containers, ...git, ...languages, ...editors, ...system, ...network]
