@echo off
rem The berth command of the desktop app on Windows.
setlocal
set "NODE=%~dp0node.exe"
if not exist "%NODE%" set "NODE=%~dp0..\node_modules\.bin\node.exe"
"%NODE%" --disable-warning=ExperimentalWarning "%~dp0..\out\main\cli.js" %*
