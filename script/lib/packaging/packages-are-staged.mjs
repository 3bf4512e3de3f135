// Asked by electron-builder before it packs: node_modules of the staged app is complete as it is, and nothing in it is built again.
export default async () => false
