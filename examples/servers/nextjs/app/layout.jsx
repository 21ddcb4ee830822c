/** The layout of all pages. */
export const metadata = { title: 'Shop', icons: 'data:,' };

export default function Layout({ children }) {
  return (
    <html lang="en">
      <body>{children}</body>
    </html>
  );
}
