export default function Page() {
  return <main><h1>Portal</h1></main>
}
