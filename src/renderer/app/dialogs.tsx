import { useDialogs } from '../store/dialogs'
import { Later, laterCode } from '../ui/later'

/** All dialogs: none is open when the page appears. */
export const dialogsCode = laterCode(() => import('./open-dialog').then((module) => module.OpenDialogView))

/** The dialog that is open, over whatever screen. */
export function Dialogs({ currentId }: { currentId: string | undefined }) {
  const open = useDialogs((state) => state.open)
  return open === null ? null : <Later code={dialogsCode} props={{ open, currentId }} />
}
