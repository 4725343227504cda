# The configurations of the proxies that scripts load. They need: work, port1, port2, port3.
# shellcheck shell=bash disable=SC2154 # variables of the scripts

# gateway_config MODE PORT
gateway_config() {
  local sticky=''
  case $1 in
    lb-cookie | source-ip) sticky="stickySession: {type: $1, duration: 20m}" ;;
    app-cookie) sticky="stickySession: {type: app-cookie, cookieName: x, duration: 20m}" ;;
  esac
  cat <<EOF
profile: open
listeners:
  - {name: web, protocol: http, host: 127.0.0.1, port: $2, pool: web}
pools:
  - name: web
    $sticky
    backends:
      - {id: web1, address: "127.0.0.1:$port1"}
      - {id: web2, address: "127.0.0.1:$port2"}
      - {id: web3, address: "127.0.0.1:$port3"}
EOF
}

# haproxy_config MODE PORT
haproxy_config() {
  local sticky='' name=''
  case $1 in
    lb-cookie) sticky='cookie SRV insert indirect nocache' name=cookie ;;
    source-ip) sticky=$'stick-table type ip size 1m expire 20m\n  stick on src' ;;
  esac
  cat <<EOF
defaults
  mode http
  timeout connect 5s
  timeout client 60s
  timeout server 60s
frontend web
  bind 127.0.0.1:$2
  default_backend web
backend web
  balance roundrobin
  $sticky
  server web1 127.0.0.1:$port1 ${name:+cookie web1}
  server web2 127.0.0.1:$port2 ${name:+cookie web2}
  server web3 127.0.0.1:$port3 ${name:+cookie web3}
EOF
}

# nginx_config MODE PORT: several may run at once
nginx_config() {
  local sticky=''
  case $1 in
    hash-cookie) sticky="hash \$cookie_x consistent;" ;;
    source-ip) sticky='ip_hash;' ;;
  esac
  cat <<EOF
daemon off;
worker_processes auto;
pid $work/nginx-$2.pid;
error_log stderr;
events { worker_connections 4096; }
http {
  access_log off;
  client_body_temp_path $work/body-$2;
  proxy_temp_path $work/proxy-$2;
  fastcgi_temp_path $work/fastcgi-$2;
  uwsgi_temp_path $work/uwsgi-$2;
  scgi_temp_path $work/scgi-$2;
  keepalive_requests 1000000000;
  upstream web {
    $sticky
    server 127.0.0.1:$port1;
    server 127.0.0.1:$port2;
    server 127.0.0.1:$port3;
    keepalive 256;
    keepalive_requests 1000000000;
  }
  server {
    listen 127.0.0.1:$2;
    location / {
      proxy_pass http://web;
      proxy_http_version 1.1;
      proxy_set_header Connection "";
    }
  }
}
EOF
}
