/** In BERTH_HOME: what a Berth says that the command line has started in the background. */
export const BACKGROUND_LOG_FILE = 'berth.log'
/** And the desktop app; older lines are in files of this name with a number. */
export const DESKTOP_LOG_FILE = 'desktop.log'
