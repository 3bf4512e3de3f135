/** Whether it has the form of a constraint: KEY==VALUE or KEY!=VALUE. Swarm itself knows which keys there are. */
export function isConstraint(text: string): boolean {
  return /^[^=!]+(==|!=)\s*[^\s=]/.test(text)
}
