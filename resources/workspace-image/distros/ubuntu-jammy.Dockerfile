# Generated from template.Dockerfile by script/generate-dockerfiles: change that one.
#
# The image workspaces start from, on Ubuntu 22.04: “berth-base” has what Berth itself needs, “berth” is ready for work.
# What goes into them is in “packages”, how in “install”, for all distributions.
ARG BASE=ubuntu:22.04

# Berth's own programs. Their compiler stays behind in this stage.
FROM ${BASE} AS programs
COPY install /usr/local/lib/berth/image/
COPY packages/compiler /usr/local/lib/berth/image/packages/
RUN /usr/local/lib/berth/image/install compiler
COPY pam-environment /usr/local/src/pam-environment
COPY volume-copy /usr/local/src/volume-copy
COPY port-watch /usr/local/src/port-watch
COPY engine-socket /usr/local/src/engine-socket
RUN set -eu; \
    mkdir /programs; \
    gcc -O2 -pthread -o /programs/volume-copy /usr/local/src/volume-copy/*.c; \
    gcc -O2 -o /programs/port-watch /usr/local/src/port-watch/*.c; \
    gcc -O2 -o /programs/engine-socket /usr/local/src/engine-socket/*.c; \
    gcc -O2 -fPIC -shared -o /programs/pam_berth_environment.so /usr/local/src/pam-environment/*.c -lpam

FROM ${BASE} AS berth-base
ENV LANG=C.UTF-8
COPY install /usr/local/lib/berth/image/
COPY packages/base /usr/local/lib/berth/image/packages/
RUN /usr/local/lib/berth/image/install base
COPY --from=programs /programs/ /usr/local/lib/berth/
COPY sshd.conf /etc/ssh/sshd_config.d/10-berth.conf
COPY entrypoint state-watch volume-pool /usr/local/lib/berth/
WORKDIR /home/workspace
EXPOSE 22
LABEL dev.berth.image=workspace dev.berth.distro=ubuntu-jammy dev.berth.size=base
ENTRYPOINT ["/usr/local/lib/berth/entrypoint"]

FROM berth-base AS berth
COPY packages/full packages/locales /usr/local/lib/berth/image/packages/
RUN /usr/local/lib/berth/image/install full
LABEL dev.berth.size=full dev.berth.locales="cs_CZ da_DK de_AT de_CH de_DE el_GR en_AU en_CA en_GB en_IE en_IN en_NZ en_US en_ZA es_ES es_MX fi_FI fr_CA fr_CH fr_FR he_IL hu_HU it_IT ja_JP ko_KR nb_NO nl_BE nl_NL pl_PL pt_BR pt_PT ro_RO ru_RU sv_SE tr_TR uk_UA zh_CN zh_TW"
